namespace CloudTicks.Ticks;

/// <summary>
/// The market that a symbol trades on. The numbers are part of the archive format and of tick identity: they never change.
/// Metals (XAUUSD, XAGUSD) are currency pairs of <see cref="Forex"/>, as on Polygon.
/// </summary>
public enum Market
{
    /// <summary>US stocks and funds.</summary>
    Stock = 1,

    /// <summary>US options; symbols start with <c>O:</c>.</summary>
    Option = 2,

    /// <summary>Currency pairs and metals.</summary>
    Forex = 3,

    /// <summary>Crypto currency pairs.</summary>
    Crypto = 4,
}
