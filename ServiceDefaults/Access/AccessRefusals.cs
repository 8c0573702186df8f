using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Access;

/// <summary>
/// Counts requests that were refused, by the reason, and logs the first of each. The meter is <c>CloudTicks.CentralHub</c>.
/// </summary>
public sealed class AccessRefusals
{
    private readonly Counter<long> _refused;
    private readonly ILogger<AccessRefusals> _logger;
    private readonly ConcurrentDictionary<string, bool> _said = new();

    /// <summary>Makes the instrument.</summary>
    public AccessRefusals(IMeterFactory meters, ILogger<AccessRefusals> logger)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _refused = meters.Create("CloudTicks.CentralHub")
            .CreateCounter<long>("cloudticks.access.refused.requests", "{request}", "Requests that were not let through, by the reason");
        _logger = logger;
    }

    /// <summary>Counts one.</summary>
    /// <param name="request">The request. Its path is not told: somebody may have put a key there.</param>
    /// <param name="reason">Why, in one word or two; one of a few.</param>
    public void Count(HttpRequest request, string reason, string detail)
    {
        ArgumentNullException.ThrowIfNull(request);
        _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
        if (_said.TryAdd(reason, true))
        {
            _logger.FirstRefusal(request.Method, request.HttpContext.GetEndpoint()?.DisplayName ?? "request", reason, detail);
        }
    }
}
