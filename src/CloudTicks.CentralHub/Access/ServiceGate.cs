using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Access;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Access;

/// <summary>
/// Applies the central hub's access rules to every route that is not declared open: the caller must be one of the
/// <see cref="KeylessCallers"/> or send a valid key. A reader's key permits no changes.
/// </summary>
internal sealed class ServiceGate(KeylessCallers callers, AccessRefusals refusals, HubKeys? hub = null) : IMiddleware
{
    private const string RetryAfterSeconds = "1";

    private static readonly Caller LocalCaller = new("local", AccessRole.Writer);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
            && await RefusalAsync(context.Request) is var (status, reason, detail))
        {
            refusals.Count(context.Request, reason, detail);
            AddHeaders(context.Response, status);
            await Results.Problem(detail, title: "The request was refused.", statusCode: status).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static void AddHeaders(HttpResponse response, int status)
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
            return finding.LookupFailure is { } failure
                ? (StatusCodes.Status503ServiceUnavailable, "hub", failure)
                : !callers.IsEmpty && !request.Headers.ContainsKey(ServiceKey.Header)
                    ? (StatusCodes.Status403Forbidden, "foreign name",
                        "Without a key, send the request directly, not through a proxy, and to a local host name such as localhost.")
                    : (StatusCodes.Status401Unauthorized, "key",
                        $"Send a key of the central hub in the header {ServiceKey.Header}. The key of this request is missing, unknown or "
                            + $"revoked.");
        }

        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return isRead || caller.Role == AccessRole.Writer
            ? null
            : (StatusCodes.Status403Forbidden, "role", "This request needs a writer's key; the key sent is a reader's.");
    }

    private async Task<KeyLookup> FindAsync(HttpRequest request)
    {
        var isKeyless = callers.Includes(request);
        // Without a hub or a key there is nothing to check, so accept only callers that need no key.
        if (hub is null || !request.Headers.TryGetValue(ServiceKey.Header, out var keyHeader))
        {
            return isKeyless ? KeyLookup.Of(LocalCaller) : KeyLookup.Invalid;
        }

        if (keyHeader is not [{ Length: > 0 } key])
        {
            return KeyLookup.Invalid;
        }

        var finding = await hub.FindAsync(key, request.HttpContext.RequestAborted);
        return finding.Status == KeyStatus.HubUnavailable && isKeyless ? KeyLookup.Of(LocalCaller) : finding;
    }
}
