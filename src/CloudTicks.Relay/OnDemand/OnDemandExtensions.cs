namespace CloudTicks.Relay.OnDemand;

internal static class OnDemandExtensions
{
    /// <summary>Adds the services that change the collectors' document for subscribers; inactive without <c>Relay:Subscribe</c>.</summary>
    public static IServiceCollection AddOnDemand(this IServiceCollection services) =>
        services.AddSingleton<OnDemandMetrics>().AddSingleton<OnDemandSymbols>().AddHostedService<OnDemandRemoval>();
}
