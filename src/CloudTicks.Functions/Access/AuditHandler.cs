using System.Globalization;
using System.Text.Json;
using CloudTicks.CentralHub.Store.Access;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Access;

/// <summary>Serves the audit log.</summary>
public sealed class AuditHandler(AuditLog log, ILogger<AuditHandler> logger)
{
    private const int DefaultRows = 100;
    private const int MaxRows = 1_000;

    /// <summary>Returns rows of the log, newest first.</summary>
    /// <param name="request">
    /// The request, with <c>limit</c>, 100 by default and at most 1,000, and <c>before</c>: only rows with a smaller id are returned.
    /// </param>
    public async Task<IActionResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var parameters = new QueryParameters(request.Query, "limit", "before");
        var limit = parameters.Limit(DefaultRows, MaxRows);
        long? before = parameters.TryGet<long>("before", TryParse, "It must be the id of a row.", out var id) ? id : null;
        if (parameters.Refusal() is { } refusal)
        {
            return refusal;
        }

        return await DatabaseResponses.RespondAsync(
            request,
            logger,
            async () =>
                JsonResponse.Of(
                    JsonSerializer.SerializeToUtf8Bytes(await log.ReadAsync(before, limit, cancellationToken), KeyResponse.Json)));
    }

    private static bool TryParse(string text, out long id) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
