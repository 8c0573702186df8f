using System.Globalization;
using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using ServiceDefaults.Access;
using ServiceDefaults.Clients;

namespace CloudTicks.Functions.Access;

/// <summary>
/// Admits authorised callers, and identifies them to the functions. Every HTTP function except those of health calls it, on every host:
/// the access keys of the Azure Functions runtime are not used.
/// </summary>
public sealed class Gate(LocalCallers local, KeyRing keys, RequestRates rates, AccessRefusals refusals, ILogger<Gate> logger)
{
    private const string KeyHint = $"Send a key in the header {ServiceKey.Header}; 'cloudticks keys create' creates one.";

    private static readonly Caller LocalCaller = new("local", AccessRole.Writer);

    /// <summary>Serves a request of a caller with at least the given role.</summary>
    public Task<IActionResult> ServeAsync(HttpRequest request, AccessRole role, Func<Caller, Task<IActionResult>> serve) =>
        ServeAsync(request, role, role == AccessRole.Writer ? RequestKind.Change : RequestKind.Read, serve);

    /// <summary>Serves a request of a caller with at least the given role.</summary>
    /// <returns>
    /// The response; otherwise a problem. 401: the key is wrong or missing. 403: the request is from a web page of another origin, is a
    /// write with a reader's key, or has no key and is not local, on a host whose local callers need no key. 415: the body is not declared
    /// as JSON. 429: too many requests. 503: the key is unknown while the database is unavailable.
    /// </returns>
    public async Task<IActionResult> ServeAsync(
        HttpRequest request, AccessRole role, RequestKind kind, Func<Caller, Task<IActionResult>> serve)
    {
        // Our own host refuses cross-site requests before it calls a function; the Azure Functions runtime does not.
        if (PageRule.Refusal(request) is { } page)
        {
            return Refuse(request, new Refusal(StatusCodes.Status403Forbidden, "page", page));
        }

        var (caller, refusal) = await FindAsync(request);
        refusal ??= Check(request, caller!, role, kind);
        if (refusal is not null)
        {
            return Refuse(request, refusal);
        }

        logger.CallerAdmitted(caller!.Name, role);
        return await serve(caller);
    }

    private async ValueTask<(Caller? Caller, Refusal? Refusal)> FindAsync(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(ServiceKey.Header, out var sentKey))
        {
            return local.Includes(request) ? (LocalCaller, null) : (null, RateLimited(NoKey(request)));
        }

        // Check a key even where none is required, so that a revoked key is refused.
        if (sentKey is not [{ } key])
        {
            return (null,
                RateLimited(new Refusal(
                    StatusCodes.Status401Unauthorized, "wrong key", $"The header {ServiceKey.Header} is sent more than once.")));
        }

        // Count the request before the table is read, because the limit protects the table too.
        var isCounted = keys.ForcesRead(key);
        if (isCounted && rates.Acquire("", RequestKind.Unauthenticated) is { } wait)
        {
            return (null, TooMany(wait));
        }

        var (caller, isUnknown) = await keys.FindAsync(key, request.HttpContext.RequestAborted);
        caller ??= isUnknown && local.Includes(request) ? LocalCaller : null;
        if (caller is not null)
        {
            return (caller, null);
        }

        var refusal = isUnknown
            ? new Refusal(
                StatusCodes.Status503ServiceUnavailable, "database",
                "The database is unavailable, and this key is not among those already read from it. Try again.", TimeSpan.FromSeconds(1))
            : new Refusal(StatusCodes.Status401Unauthorized, "wrong key", "The key is unknown or revoked.");
        return (null, isCounted ? refusal : RateLimited(refusal));
    }

    private Refusal NoKey(HttpRequest request) => local.IsEmpty
        ? new Refusal(StatusCodes.Status401Unauthorized, "no key", KeyHint)
        : new Refusal(
            StatusCodes.Status403Forbidden, "foreign name",
            $"Without a key, only requests from this machine to a name such as localhost, without a proxy, are served. {KeyHint}");

    /// <summary>Callers without a valid key share one limit.</summary>
    private Refusal RateLimited(Refusal refusal) => rates.Acquire("", RequestKind.Unauthenticated) is { } wait ? TooMany(wait) : refusal;

    private Refusal? Check(HttpRequest request, Caller caller, AccessRole role, RequestKind kind)
    {
        if (caller.Role < role)
        {
            return new Refusal(StatusCodes.Status403Forbidden, "role", "This is a reader's key; this request needs a writer's.");
        }

        if (rates.Acquire(caller.Name, kind) is { } wait)
        {
            return TooMany(wait);
        }

        // A page of another origin can send forms but not JSON, so it cannot make a change.
        var hasBody = request.ContentLength > 0 || request.Headers.ContainsKey(HeaderNames.TransferEncoding);
        return hasBody && !request.HasJsonContentType()
            ? new Refusal(
                StatusCodes.Status415UnsupportedMediaType, "no json", "Send JSON, with the header Content-Type: application/json.")
            : null;
    }

    private static Refusal TooMany(TimeSpan wait) =>
        new(StatusCodes.Status429TooManyRequests, "rate", "Too many requests: send them more slowly.", wait);

    private JsonResponse Refuse(HttpRequest request, Refusal refusal)
    {
        refusals.Count(request, refusal.Reason, refusal.Detail);
        var headers = request.HttpContext.Response.Headers;
        if (refusal.RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = $"Key header=\"{ServiceKey.Header}\"";
        }

        return JsonResponse.Problem(new ProblemDetails
        {
            Title = "The request was refused.",
            Status = refusal.Status,
            Detail = refusal.Detail,
        });
    }
}
