using System.Text.Json;
using CloudTicks.CentralHub.Figures;
using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

/// <summary>Tells the hub every 5 s, and at once after a change, which version this process follows and how it fares.</summary>
/// <param name="figures">What there is to tell of; asked for at the first report.</param>
internal sealed class HubReporter(
    HubConnection hub, FollowedDocument document, Func<IEnumerable<IServiceFigures>> figures, TimeProvider time, CentralHubMetrics metrics,
    ILogger logger)
{
    /// <summary>The version of the hub is in force.</summary>
    public const string Following = "following";

    /// <summary>The newest version cannot be used; an older one is in force.</summary>
    public const string Refused = "refused";

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(5);

    /// <summary>Changes in quick succession are told together.</summary>
    private static readonly TimeSpan LeastBetweenReports = TimeSpan.FromMilliseconds(200);

    /// <summary>What has figures reads its settings when it is made, and the document must be in force by then.</summary>
    private readonly Lazy<IServiceFigures[]> _figures = new(() => [.. figures()]);

    private readonly WakeSignal _changed = new();
    private bool _isTold;

    /// <summary>The name of this process: several of one service may run on one machine.</summary>
    public static string Instance { get; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    public void Change() => _changed.Set();

    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await ReportAsync(stopping);
            await Task.Delay(LeastBetweenReports, time, stopping);
            await _changed.WaitAsync(BetweenReports - LeastBetweenReports, time, stopping);
        }
    }

    private async Task ReportAsync(CancellationToken stopping)
    {
        if (document.State.Away is not null)
        {
            // It is being asked for the document already, and would be told of this when it is back.
            return;
        }

        try
        {
            await hub.ReportAsync(Instance, Report(), stopping);
            _isTold = false;
        }
        catch (HubException exception)
        {
            metrics.Failed("report", exception.Kind);
            if (!_isTold)
            {
                _isTold = true;
                logger.ReportFailed(exception.Message);
            }
        }
    }

    private byte[] Report()
    {
        var state = document.State;
        var read = new Dictionary<string, double>();
        foreach (var (name, value) in _figures.Value.SelectMany(service => service.Read()).Where(figure => double.IsFinite(figure.Value)))
        {
            read[name] = value;
        }

        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["version"] = state.InForce?.Version ?? 0,
            ["state"] = state.Refused is null ? Following : Refused,
            ["problem"] = state.Refused is { } refused ? $"Version {refused.Version}: {state.Problem}" : null,
            ["figures"] = read,
        });
    }
}
