namespace CloudTicks.ServiceDocuments;

/// <summary>The names of built-in services in <c>/api/v1/config/{service}</c>.</summary>
public static class ServiceNames
{
    /// <summary>The collectors.</summary>
    public const string Collector = "polygon-live-collector";

    /// <summary>The functions that store and publish ticks, enforce retention and serve the central hub.</summary>
    public const string Functions = "tick-functions";
}
