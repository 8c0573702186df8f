namespace CloudTicks.Polygon.Rest;

/// <summary>Why a request failed.</summary>
public enum RestFailure
{
    /// <summary>The server or the network failed at the last attempt.</summary>
    Unavailable,

    /// <summary>The server refused the last attempt because of its rate limit, or requires a pause that is too long to wait.</summary>
    RateLimited,

    /// <summary>The API key is wrong. Every request fails until the key is corrected.</summary>
    KeyRefused,

    /// <summary>The account's plan does not include the data, so a retry is useless.</summary>
    NotInPlan,

    /// <summary>The server does not accept the request, so a retry is useless.</summary>
    BadRequest,

    /// <summary>The response is unusable: for instance malformed, too long, a redirect, or part of a cycle of pages.</summary>
    BadResponse,
}
