using Microsoft.AspNetCore.Mvc;

namespace CloudTicks.Functions.Configuring;

internal sealed class ResultWithHeaders(IActionResult result, params (string Name, string Value)[] headers) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        foreach (var (name, value) in headers)
        {
            context.HttpContext.Response.Headers[name] = value;
        }

        return result.ExecuteResultAsync(context);
    }
}
