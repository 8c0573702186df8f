namespace CloudTicks.Polygon.Rest;

/// <summary>The right that an option contract gives.</summary>
public enum ContractType
{
    /// <summary>To buy.</summary>
    Call,

    /// <summary>To sell.</summary>
    Put,

    /// <summary>Another right.</summary>
    Other,
}
