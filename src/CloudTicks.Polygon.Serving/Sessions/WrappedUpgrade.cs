using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>Wraps the upgrade feature of a request, to put a custom stream below its WebSocket.</summary>
internal sealed class WrappedUpgrade<TStream>(IHttpUpgradeFeature inner, Func<Stream, TStream> wrap) : IHttpUpgradeFeature
    where TStream : Stream
{
    private TStream? _stream;

    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    /// <summary>
    /// The custom stream of a connection that became a WebSocket; null without the middleware, or for a connection that was not upgraded.
    /// </summary>
    public static TStream? StreamOf(HttpContext context) =>
        (context.Features.Get<IHttpUpgradeFeature>() as WrappedUpgrade<TStream>)?._stream;

    /// <summary>Returns the middleware. It must precede the WebSocket middleware, which caches the upgrade feature.</summary>
    public static Func<HttpContext, RequestDelegate, Task> Middleware(Func<Stream, TStream> wrap) => (context, next) =>
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            context.Features.Set<IHttpUpgradeFeature>(new WrappedUpgrade<TStream>(upgrade, wrap));
        return next(context);
    };

    public async Task<Stream> UpgradeAsync() => _stream = wrap(await inner.UpgradeAsync());
}
