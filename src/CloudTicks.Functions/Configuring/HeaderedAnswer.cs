using Microsoft.AspNetCore.Mvc;

namespace CloudTicks.Functions.Configuring;

/// <summary>An answer with headers of its own.</summary>
internal sealed class HeaderedAnswer(IActionResult answer, params (string Name, string Value)[] headers) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        foreach (var (name, value) in headers)
        {
            context.HttpContext.Response.Headers[name] = value;
        }

        return answer.ExecuteResultAsync(context);
    }
}
