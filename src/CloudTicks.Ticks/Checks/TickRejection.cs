namespace CloudTicks.Ticks.Checks;

/// <summary>Why a tick was refused. The collector stores the original bytes of a refused event as a dead letter.</summary>
public enum TickRejection
{
    /// <summary>The tick was accepted.</summary>
    None,

    /// <summary>The bytes are not a JSON object.</summary>
    NotJson,

    /// <summary>A field has the wrong type, or a fraction where an integer is required.</summary>
    BadField,

    /// <summary>The symbol is absent, or is not a symbol of the market.</summary>
    BadSymbol,

    /// <summary>The time is absent, before 1990 or after 2099.</summary>
    BadTimestamp,

    /// <summary>The price is negative, or has more digits than can be stored exactly.</summary>
    BadPrice,

    /// <summary>The size is negative, or has more digits than can be stored exactly.</summary>
    BadSize,

    /// <summary>A currency quote has neither bid nor ask, or a trade has no price.</summary>
    NoPrice,

    /// <summary>The ask of a currency quote is below its bid, and the settings refuse crossed quotes.</summary>
    Crossed,

    /// <summary>The trade id or a list of codes exceeds its maximum length.</summary>
    TooLong,
}
