using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Access;

/// <summary>
/// Counts refused requests by reason on the meter <c>CloudTicks.CentralHub</c>, and logs the first refusal for each reason.
/// </summary>
public sealed class AccessRefusals
{
    private readonly Counter<long> _refused;
    private readonly ILogger<AccessRefusals> _logger;
    private readonly ConcurrentDictionary<string, bool> _logged = new();

    /// <summary>Creates the instrument.</summary>
    public AccessRefusals(IMeterFactory meters, ILogger<AccessRefusals> logger)
    {
        _refused = meters.Create("CloudTicks.CentralHub")
            .CreateCounter<long>("cloudticks.access.refused.requests", "{request}", "Refused requests, by reason");
        _logger = logger;
    }

    /// <summary>Counts a refusal. The request's path is not logged, because it may contain a key.</summary>
    public void Count(HttpRequest request, string reason, string detail)
    {
        _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
        if (_logged.TryAdd(reason, true))
        {
            _logger.FirstRefusal(request.Method, request.HttpContext.GetEndpoint()?.DisplayName ?? "request", reason, detail);
        }
    }
}
