using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Access;

/// <summary>
/// Runs before every route, including unknown ones. Rejects cross-site browser requests, and foreign host names on routes that are marked
/// with <see cref="LocalNamesOnly"/>. Keys are checked afterwards.
/// </summary>
internal sealed class ListenerFilter(RequestDelegate next, KeylessCallers callers, AccessRefusals refusals)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (Refusal(context) is not var (reason, detail))
        {
            await next(context);
            return;
        }

        refusals.Count(context.Request, reason, detail);
        var extensions = new Dictionary<string, object?> { ["reason"] = reason };
        await Results.Problem(detail, title: "The request was refused.", statusCode: StatusCodes.Status403Forbidden, extensions: extensions)
            .ExecuteAsync(context);
    }

    private (string Reason, string Detail)? Refusal(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (PageRule.Refusal(context.Request, takesLinks: metadata?.GetMetadata<IAllowAnonymous>() is not null) is { } page)
        {
            return ("page", page);
        }

        return metadata?.GetMetadata<LocalNamesOnly>() is not null && !LocalRule.HasLocalName(context.Request) && !callers.IsEmpty
            ? ("foreign name", "Use a local host name, such as localhost; behind a proxy set Listening__RequireKeys=true.")
            : null;
    }
}
