namespace CloudTicks.Ticks.Checks;

/// <summary>Why a tick was refused. A refused tick goes to the dead letters as the bytes that came.</summary>
public enum TickRejection
{
    /// <summary>The tick is good.</summary>
    None,

    /// <summary>The bytes are not JSON, or not an object.</summary>
    NotJson,

    /// <summary>A field has a type that it never has, or a number that is not whole where it must be.</summary>
    BadField,

    /// <summary>No symbol, or one that is no symbol of the market.</summary>
    BadSymbol,

    /// <summary>No time, or one before 1990 or after 2100.</summary>
    BadTimestamp,

    /// <summary>A price below zero, or with more digits than can be kept exactly.</summary>
    BadPrice,

    /// <summary>A size below zero, or with more digits than can be kept exactly.</summary>
    BadSize,

    /// <summary>Neither bid nor ask on a quote of currencies, or no price on a trade.</summary>
    NoPrice,

    /// <summary>The ask of a currency quote is below its bid, and the settings refuse that.</summary>
    Crossed,

    /// <summary>A trade id or list of codes that is longer than any feed sends.</summary>
    TooLong,
}
