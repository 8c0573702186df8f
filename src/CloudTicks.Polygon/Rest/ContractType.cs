namespace CloudTicks.Polygon.Rest;

/// <summary>What an option contract entitles to.</summary>
public enum ContractType
{
    /// <summary>To buy.</summary>
    Call,

    /// <summary>To sell.</summary>
    Put,

    /// <summary>To something else.</summary>
    Other,
}
