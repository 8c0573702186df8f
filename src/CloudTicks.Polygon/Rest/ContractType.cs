namespace CloudTicks.Polygon.Rest;

/// <summary>The right that an option contract gives.</summary>
public enum ContractType
{
    /// <summary>The right to buy.</summary>
    Call,

    /// <summary>The right to sell.</summary>
    Put,

    /// <summary>Another right.</summary>
    Other,
}
