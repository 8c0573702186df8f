using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Access;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Access;

/// <summary>The central hub's access rules: loopback callers, or a known key. Covers every route that is not declared open.</summary>
internal sealed class ServiceGate(KeylessCallers callers, AccessRefusals refusals, HubKeys? hub = null) : IMiddleware
{
    private const string RetryAfterSeconds = "1";

    private static readonly Caller Local = new("local", AccessRole.Writer);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
            && await RefusalAsync(context.Request) is var (status, reason, detail))
        {
            refusals.Count(context.Request, reason, detail);
            Announce(context.Response, status);
            await Results.Problem(detail, title: "The request is refused.", statusCode: status).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static void Announce(HttpResponse response, int status)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = $"Key header=\"{ServiceKey.Header}\"";
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }
    }

    private async Task<(int Status, string Reason, string Detail)?> RefusalAsync(HttpRequest request)
    {
        var finding = await FindAsync(request);
        if (finding.Caller is not { } caller)
        {
            return finding.Unanswered is { } unanswered
                ? (StatusCodes.Status503ServiceUnavailable, "hub", unanswered)
                : !callers.AreNone && !request.Headers.ContainsKey(ServiceKey.Header)
                    ? (StatusCodes.Status403Forbidden, "foreign name",
                        "Without a key this is served to this machine alone, under a name such as localhost and by no proxy.")
                    : (StatusCodes.Status401Unauthorized, "key",
                        $"Send a key of the central hub in the header {ServiceKey.Header}; this request has none, or one that was "
                            + $"revoked.");
        }

        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return reads || caller.Role == AccessRole.Writer
            ? null
            : (StatusCodes.Status403Forbidden, "role", "This key is one of a reader, and this needs one of a writer.");
    }

    private async Task<KeyFinding> FindAsync(HttpRequest request)
    {
        var isKeyless = callers.Include(request);
        // Without a hub a key cannot be told from a text: only this machine is served then, and by its name alone.
        if (hub is null || !request.Headers.TryGetValue(ServiceKey.Header, out var given))
        {
            return isKeyless ? KeyFinding.Of(Local) : KeyFinding.Wrong;
        }

        if (given is not [{ Length: > 0 } key])
        {
            return KeyFinding.Wrong;
        }

        var finding = await hub.FindAsync(key, request.HttpContext.RequestAborted);
        return finding.Status == KeyStatus.HubAway && isKeyless ? KeyFinding.Of(Local) : finding;
    }
}
