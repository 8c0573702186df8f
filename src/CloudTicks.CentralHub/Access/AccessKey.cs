namespace CloudTicks.CentralHub.Access;

/// <summary>How keys travel.</summary>
public static class AccessKey
{
    /// <summary>The header that carries a key, as Azure Functions has it. A key never stands in a URL.</summary>
    public const string Header = "x-functions-key";

    /// <summary>The environment variable with the key of a service or of the command line.</summary>
    public const string Variable = "CLOUDTICKS_HUB_KEY";
}
