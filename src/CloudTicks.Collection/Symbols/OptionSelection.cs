namespace CloudTicks.Collection.Symbols;

/// <summary>Which contracts of an underlying share are collected.</summary>
public enum OptionSelection
{
    /// <summary>Calls and puts.</summary>
    Both,

    /// <summary>Calls alone.</summary>
    Call,

    /// <summary>Puts alone.</summary>
    Put,
}
