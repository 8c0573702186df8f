namespace ServiceDefaults.Tests;

/// <summary>The services that are separate programs.</summary>
public static class Services
{
    public static TheoryData<string> All =>
    [
        "CloudTicks.Collector", "CloudTicks.Dashboard", "CloudTicks.EventHub", "CloudTicks.Functions", "CloudTicks.Relay",
        "CloudTicks.Simulator",
    ];
}
