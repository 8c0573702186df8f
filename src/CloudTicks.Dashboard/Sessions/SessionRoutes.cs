using System.Globalization;
using System.Net;
using CloudTicks.CentralHub.Access;
using ServiceDefaults.Access;

namespace CloudTicks.Dashboard.Sessions;

/// <summary><c>/api/page/session</c>: queries who is signed in, signs in with a key of the central hub, and signs out.</summary>
internal sealed class SessionRoutes(SessionStore sessions, PageCookie cookies, SignInLimiter limiter, HubKeys keys, AccessRefusals refusals)
{
    private const int MaxKeyLength = 256;

    /// <summary>Returns the caller and the token for changes.</summary>
    public SessionResponse CreateResponse(HttpContext context) =>
        CreateResponse(Visitor.Of(context), PageCookie.Of(context.Request) ?? PageCookie.Issue(context));

    public async Task<IResult> SignInAsync(HttpContext context, SignInRequest request)
    {
        if (request.Key is not { Length: > 0 and <= MaxKeyLength } key || key.Any(char.IsControl) || !key.All(char.IsAscii))
        {
            return Results.Problem(
                "Send a key of the central hub: {\"key\":\"ctk_...\"}.", title: "The key is missing.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        var client = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (limiter.Acquire(client) is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Refuse(context, StatusCodes.Status429TooManyRequests, "guesses", "Too many keys were tried: wait a moment.");
        }

        var lookup = await keys.FindAsync(key, context.RequestAborted);
        if (lookup.Status != KeyStatus.Invalid)
        {
            limiter.Release(client);
        }

        if (lookup.Caller is not { } caller)
        {
            return lookup.LookupFailure is { } lookupFailure
                ? Refuse(context, StatusCodes.Status503ServiceUnavailable, "hub", lookupFailure)
                : Refuse(context, StatusCodes.Status401Unauthorized, "wrong key",
                    "The key is unknown or revoked. Create one with cloudticks keys create NAME --role writer.");
        }

        if (caller.Role != AccessRole.Writer && !Visitor.Of(context).NeedsKey)
        {
            return Refuse(
                context, StatusCodes.Status403Forbidden, "role",
                "This is a reader's key. Reading needs no key here; changes need a writer's key.");
        }

        // End the old session, because others may know its cookie.
        SignOutOf(context);
        var cookie = PageCookie.Issue(context);
        sessions.Add(cookie, caller, key);
        return Results.Ok(CreateResponse(new Visitor(sessions.Find(cookie), Visitor.Of(context).NeedsKey), cookie));
    }

    public SessionResponse SignOut(HttpContext context)
    {
        SignOutOf(context);
        return CreateResponse(Visitor.Of(context) with { Session = null }, PageCookie.Issue(context));
    }

    private void SignOutOf(HttpContext context)
    {
        if (PageCookie.Of(context.Request) is { } before)
        {
            sessions.Remove(before);
        }
    }

    private SessionResponse CreateResponse(Visitor visitor, string cookie) => new(
        visitor.Session is { } session ? RoleNames.Of(session.Caller.Role) : visitor.MayRead ? RoleNames.Of(AccessRole.Reader) : "none",
        visitor.Session?.Caller.Name, visitor.MayWrite, cookies.TokenOf(cookie));

    private IResult Refuse(HttpContext context, int status, string reason, string detail)
    {
        refusals.Count(context.Request, reason, detail);
        return Results.Problem(
            detail, title: "The sign-in was refused.", statusCode: status,
            extensions: new Dictionary<string, object?> { ["reason"] = reason });
    }
}

/// <summary>A request to sign in. Never log it, because it contains the key.</summary>
internal sealed class SignInRequest
{
    public string? Key { get; set; }
}

/// <param name="Role"><c>reader</c>, <c>writer</c>, or <c>none</c> without a session when reading needs a key.</param>
internal sealed record SessionResponse(string Role, string? Name, bool CanWrite, string Token);
