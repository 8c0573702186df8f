using System.Text.Json;
using CloudTicks.CentralHub.Figures;
using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

/// <summary>Reports the version and figures of this process to the hub, every 5 s and immediately after a change.</summary>
/// <param name="figures">The providers of figures; evaluated at the first report.</param>
internal sealed class HubReporter(
    HubConnection hub, FollowedDocument document, Func<IEnumerable<IServiceFigures>> figures, TimeProvider time, CentralHubMetrics metrics,
    ILogger logger)
{
    /// <summary>The state of a process that has not refused the newest version.</summary>
    public const string Following = "following";

    /// <summary>The state of a process that refused the newest version and keeps an older one in force.</summary>
    public const string Refused = "refused";

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    /// <summary>The minimum time between two reports, so that changes in quick succession share a report.</summary>
    private static readonly TimeSpan MinReportInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The providers of figures. Lazy, because they read settings when they are created: the document must be in force by then.
    /// </summary>
    private readonly Lazy<IServiceFigures[]> _figures = new(() => [.. figures()]);

    private readonly WakeSignal _changed = new();
    private bool _isFailureLogged;

    /// <summary>The name of this process: machine and process id, because several processes of one service may run on a machine.</summary>
    public static string Instance { get; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    public void RequestReport() => _changed.Set();

    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await ReportAsync(stopping);
            await Task.Delay(MinReportInterval, time, stopping);
            await _changed.WaitAsync(ReportInterval - MinReportInterval, time, stopping);
        }
    }

    private async Task ReportAsync(CancellationToken stopping)
    {
        if (document.State.HubProblem is not null)
        {
            // The follower already retries the hub; a report is sent when the hub responds again.
            return;
        }

        try
        {
            await hub.ReportAsync(Instance, Report(), stopping);
            _isFailureLogged = false;
        }
        catch (HubException exception)
        {
            metrics.Failed("report", exception.Kind);
            if (!_isFailureLogged)
            {
                _isFailureLogged = true;
                logger.ReportFailed(exception.Message);
            }
        }
    }

    private byte[] Report()
    {
        var state = document.State;
        var figureValues = new Dictionary<string, double>();
        foreach (var (name, value) in _figures.Value.SelectMany(service => service.Read()).Where(figure => double.IsFinite(figure.Value)))
        {
            figureValues[name] = value;
        }

        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["version"] = state.InForce?.Version ?? 0,
            ["state"] = state.Refused is null ? Following : Refused,
            ["problem"] = state.Refused is { } refused ? $"Version {refused.Version}: {state.Problem}" : null,
            ["figures"] = figureValues,
        });
    }
}
