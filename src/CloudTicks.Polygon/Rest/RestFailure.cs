namespace CloudTicks.Polygon.Rest;

/// <summary>Why a request failed after all retries.</summary>
public enum RestFailure
{
    /// <summary>The server or the network failed, in all retries.</summary>
    Unavailable,

    /// <summary>The server refused all retries because of its rate limit.</summary>
    RateLimited,

    /// <summary>The API key is wrong: every request fails until it is corrected.</summary>
    KeyRefused,

    /// <summary>The account's plan does not include the data: a retry is useless.</summary>
    NotInPlan,

    /// <summary>The server does not accept the request: a retry is useless.</summary>
    BadRequest,

    /// <summary>An unusable response: cyclic pages, an address on another host, too many bytes.</summary>
    BadResponse,
}
