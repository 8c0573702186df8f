using CloudTicks.CentralHub.Access;
using Microsoft.AspNetCore.Authorization;
using ServiceDefaults.Access;

namespace CloudTicks.Dashboard.Sessions;

/// <summary>
/// Guards every route except the web page's files and health. Changes need the token; reading needs no key for the callers that
/// <see cref="KeylessCallers"/> includes.
/// </summary>
internal sealed class PageGate(
    KeylessCallers callers, SessionStore sessions, PageCookie cookies, HubKeys keys, AccessRefusals refusals) : IMiddleware
{
    private const string RetryAfterSeconds = "1";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            var refusal = await RefusalAsync(context, endpoint.Metadata.GetMetadata<OpenWithoutSignIn>() is not null);
            if (refusal is var (status, reason, detail))
            {
                refusals.Count(context.Request, reason, detail);
                if (status == StatusCodes.Status503ServiceUnavailable)
                {
                    context.Response.Headers.RetryAfter = RetryAfterSeconds;
                }

                var problemFields = new Dictionary<string, object?> { ["reason"] = reason };
                await Results.Problem(detail, title: "The request was refused.", statusCode: status, extensions: problemFields)
                    .ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    }

    private async Task<(int Status, string Reason, string Detail)?> RefusalAsync(HttpContext context, bool isOpen)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !cookies.HasToken(request))
        {
            return (StatusCodes.Status403Forbidden, "token",
                $"Send the token of GET /api/page/session in the header {PageCookie.TokenHeader}, with its cookie; after a restart of the "
                    + $"dashboard both are new.");
        }

        var isKeyless = callers.Includes(request);
        var (session, unanswered) = await FindAsync(request);
        // On loopback a signed-in user can keep reading while the central hub is unavailable; changes always need it.
        if (unanswered is not null && !isKeyless)
        {
            return (StatusCodes.Status503ServiceUnavailable, "hub", unanswered);
        }

        var visitor = new Visitor(session, NeedsKey: !isKeyless);
        context.Features.Set(visitor);
        return visitor.MayRead || isOpen ? null
            : (StatusCodes.Status401Unauthorized, "key",
                "Sign in with a key of the central hub: this dashboard requires one.");
    }

    /// <summary>
    /// Finds the session and checks its key again; the central hub's response is cached for ten seconds. When the key has been revoked,
    /// the session ends.
    /// </summary>
    private async Task<(PageSession? Session, string? LookupProblem)> FindAsync(HttpRequest request)
    {
        if (PageCookie.Of(request) is not { } cookie || sessions.Find(cookie) is not { } session)
        {
            return (null, null);
        }

        var lookup = await keys.FindAsync(session.Key, request.HttpContext.RequestAborted);
        if (lookup.Status == KeyStatus.Invalid)
        {
            sessions.Remove(cookie);
            return (null, null);
        }

        return (session, lookup.LookupFailure);
    }
}

/// <summary>Marks a route that is accessible without signing in.</summary>
internal sealed class OpenWithoutSignIn;
