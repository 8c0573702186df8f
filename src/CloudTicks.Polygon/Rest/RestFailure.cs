namespace CloudTicks.Polygon.Rest;

/// <summary>Why a request failed for good.</summary>
public enum RestFailure
{
    /// <summary>The server or the way to it failed, and went on failing while the request was tried again.</summary>
    Unavailable,

    /// <summary>The server went on refusing for too many requests.</summary>
    RateLimited,

    /// <summary>The API key is not known: no request will succeed until it is right.</summary>
    KeyRefused,

    /// <summary>The plan of the account does not include what was asked for: asking again is of no use.</summary>
    NotInPlan,

    /// <summary>The server does not accept the request as it stands: asking again is of no use.</summary>
    BadRequest,

    /// <summary>An unusable answer: pages in a circle, an address of another host, too many bytes.</summary>
    BadAnswer,
}
