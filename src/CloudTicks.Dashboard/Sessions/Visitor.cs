using CloudTicks.CentralHub.Access;

namespace CloudTicks.Dashboard.Sessions;

/// <param name="NeedsKey">Whether he needs a key to read, because others than this machine can come.</param>
internal sealed record Visitor(PageSession? Session, bool NeedsKey)
{
    public bool MayRead => !NeedsKey || Session is not null;

    /// <summary>Whether he may change something; never without a key, on no address.</summary>
    public bool MayWrite => Session is { Caller.Role: AccessRole.Writer };

    public static Visitor Of(HttpContext context) => context.Features.Get<Visitor>() ?? new Visitor(null, true);
}
