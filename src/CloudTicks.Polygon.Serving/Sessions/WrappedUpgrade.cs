using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>Puts a stream of ours below a WebSocket.</summary>
internal sealed class WrappedUpgrade<TStream>(IHttpUpgradeFeature inner, Func<Stream, TStream> wrap) : IHttpUpgradeFeature
    where TStream : Stream
{
    private TStream? _stream;

    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    /// <summary>The bytes of the connection, once it has become a WebSocket; null where this is not installed.</summary>
    public static TStream? StreamOf(HttpContext context) =>
        (context.Features.Get<IHttpUpgradeFeature>() as WrappedUpgrade<TStream>)?._stream;

    /// <summary>A middleware that must come before that of the WebSockets, which remember the feature that they found.</summary>
    public static Func<HttpContext, RequestDelegate, Task> Middleware(Func<Stream, TStream> wrap) => (context, next) =>
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            context.Features.Set<IHttpUpgradeFeature>(new WrappedUpgrade<TStream>(upgrade, wrap));
        return next(context);
    };

    public async Task<Stream> UpgradeAsync() => _stream = wrap(await inner.UpgradeAsync());
}
