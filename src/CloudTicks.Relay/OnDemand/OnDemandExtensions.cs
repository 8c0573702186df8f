namespace CloudTicks.Relay.OnDemand;

internal static class OnDemandExtensions
{
    /// <summary>Adds what changes the collectors' document for subscribers; it does nothing without <c>Relay:Subscribe</c>.</summary>
    public static IServiceCollection AddOnDemand(this IServiceCollection services) =>
        services.AddSingleton<OnDemandMetrics>().AddSingleton<OnDemandSymbols>().AddHostedService<OnDemandRemoval>();
}
