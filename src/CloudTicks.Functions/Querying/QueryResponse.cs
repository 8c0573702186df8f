using CloudTicks.Functions.Querying.Rows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CloudTicks.Functions.Querying;

/// <summary>A response from the table. The query runs when the response is written, and its rows are streamed.</summary>
internal sealed class QueryResponse(QuerySlots slots, Func<ActionContext, CancellationToken, Task> write) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context) => slots.ServeAsync(context, write);

    public static async Task SendAsync<T>(
        ActionContext context, RowFormat format, RowFormatter<T> form, IAsyncEnumerable<T> rows, CancellationToken cancellationToken)
    {
        var response = context.HttpContext.Response;
        (response.StatusCode, response.ContentType) = (StatusCodes.Status200OK, format.ContentType());
        await response.StartAsync(cancellationToken);
        await RowWriter.WriteAsync(response.BodyWriter, format, form, rows, cancellationToken);
    }
}
