namespace CloudTicks.Collection.Symbols;

/// <summary>Which contracts of an underlying stock are collected.</summary>
public enum OptionSelection
{
    /// <summary>Calls and puts.</summary>
    Both,

    /// <summary>Calls only.</summary>
    Call,

    /// <summary>Puts only.</summary>
    Put,
}
