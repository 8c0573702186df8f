using Microsoft.AspNetCore.Http.Features;

namespace CloudTicks.Simulator.Sessions;

/// <summary>Puts a <see cref="GatedStream"/> below a WebSocket.</summary>
internal sealed class GatedUpgrade(IHttpUpgradeFeature inner) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    /// <summary>The bytes of the connection, once it has become a WebSocket.</summary>
    public GatedStream? Stream { get; private set; }

    public async Task<Stream> UpgradeAsync() => Stream = new GatedStream(await inner.UpgradeAsync());

    /// <summary>Has to come before the WebSockets, which remember what they found.</summary>
    public static Task InstallAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            context.Features.Set<IHttpUpgradeFeature>(new GatedUpgrade(upgrade));
        return next(context);
    }
}
