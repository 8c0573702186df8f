using CloudTicks.CentralHub.Access;

namespace CloudTicks.Dashboard.Sessions;

/// <param name="NeedsKey">Whether reading needs a key, because the request is not local or the dashboard requires keys.</param>
internal sealed record Visitor(PageSession? Session, bool NeedsKey)
{
    public bool MayRead => !NeedsKey || Session is not null;

    /// <summary>Whether the visitor may make changes, which always needs a key, even on loopback.</summary>
    public bool MayWrite => Session is { Caller.Role: AccessRole.Writer };

    public static Visitor Of(HttpContext context) => context.Features.Get<Visitor>() ?? new Visitor(null, true);
}
