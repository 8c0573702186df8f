using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Figures;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.CentralHub.Store.Reports;
using CloudTicks.Functions.Configuring;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Rollouts;

/// <summary>
/// Watches guarded steps of rollouts, and rolls a step back when a service reports a figure above its limit within the window. Not
/// thread-safe. Several processes may watch: if two roll the same step back, the second finds the document changed.
/// </summary>
public sealed class RolloutGuards(
    DocumentCatalog catalog,
    DocumentReader reader,
    RolloutSteps steps,
    ServiceReports reports,
    RolloutBaselines baselines,
    DocumentChanges changes,
    TimeProvider time,
    RolloutMetrics metrics,
    ILogger<RolloutGuards> logger)
{
    /// <summary>The author of a rollback in the history.</summary>
    public const string Author = "guard";

    /// <summary>The maximum age of a report; older ones are ignored.</summary>
    private const long MaxReportAgeMs = 15_000;

    /// <summary>How late the last reports of a window may arrive.</summary>
    private const long GraceMs = 10_000;

    private string? _seenTag;
    private IReadOnlyList<RolloutStep> _watchedSteps = [];
    private bool _isFailureLogged;

    private string Service => catalog.WithRollouts.Service;

    /// <summary>Checks the guards once, until the first one that triggers.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CheckOnceAsync(cancellationToken);
            _isFailureLogged = false;
        }
        catch (Exception problem) when (problem is NpgsqlException or ConfigCommitException)
        {
            metrics.Failed();
            if (!_isFailureLogged)
            {
                _isFailureLogged = true;
                logger.GuardCheckFailed(problem.Message);
            }
        }
    }

    private async Task CheckOnceAsync(CancellationToken cancellationToken)
    {
        var newest = await reader.NewestAsync(Service, cancellationToken);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (newest.Tag != _seenTag)
        {
            _watchedSteps = await steps.GetWatchedAsync(newest, nowMs - GraceMs, cancellationToken);
            await baselines.DeleteExceptAsync(Service, [.. _watchedSteps.Select(step => step.Version.Version)], cancellationToken);
            _seenTag = newest.Tag;
        }

        var openSteps = _watchedSteps.Where(step => nowMs < step.UntilMs + GraceMs).ToArray();
        if (openSteps.Length == 0)
        {
            return;
        }

        var allReports = await reports.ReadAsync(null, cancellationToken);
        foreach (var step in openSteps)
        {
            var evaluation = await EvaluateAsync(
                step, [.. allReports.Where(report => report.ReportedMs > nowMs - MaxReportAgeMs && report.ReportedMs <= step.UntilMs)],
                cancellationToken);
            if (evaluation.Reason(step.Rollout.Guard!) is { } reason)
            {
                await RollBackStepAsync(newest, step, reason, cancellationToken);
                return;
            }
        }
    }

    private async Task<GuardEvaluation> EvaluateAsync(
        RolloutStep step, IReadOnlyList<ServiceReport> fresh, CancellationToken cancellationToken)
    {
        // Ignore a process that does not follow the step's version yet, or whose report precedes the step. Its first report after the
        // step is sent immediately and sets the baseline.
        var followerReports = fresh.Where(report => report.Service == Service && report.Version >= step.Version.Version
            && report.ReportedMs >= step.Version.CreatedMs).ToArray();
        var refusedTicks = followerReports.Where(report => report.Figures.ContainsKey(ServiceFigure.RefusedTicks))
            .ToDictionary(report => report.Instance, report => report.Figures[ServiceFigure.RefusedTicks]);
        var baseline = await baselines.GetOrAddAsync(Service, step.Version.Version, refusedTicks, cancellationToken);
        return GuardEvaluation.Of(
            followerReports.ToDictionary(report => report.Instance, report => report.Figures),
            fresh.Where(report => report.Service != Service && report.ReportedMs >= step.Version.CreatedMs)
                .Select(report => report.Figures), baseline);
    }

    private async Task RollBackStepAsync(StoredDocument newest, RolloutStep step, string reason, CancellationToken cancellationToken)
    {
        var flag = step.Rollout.Flag;
        var change = new ChangeRequest(
            catalog.WithRollouts, "guard", Author,
            $"rollout {flag} of {step.Rollout.List}: the step of version {step.Version.Version} is rolled back, because {reason}")
        {
            Matches = tag => tag == newest.Tag,
        };
        var result =
            await changes.MakeAsync(change, ToEdit(document => RolloutEdit.Restore(document, flag, step.Before)), cancellationToken);
        if (result.State == ChangeOutcome.Refused)
        {
            // The earlier state is no longer valid, so disable the flag instead.
            result = await changes.MakeAsync(change, ToEdit(document => RolloutEdit.SetEnabled(document, flag, false)), cancellationToken);
        }

        if (result.State == ChangeOutcome.Made)
        {
            metrics.RolledBack(flag);
            logger.StepRolledBack(flag, step.Version.Version, result.InForce.Number, reason);
        }

        // If nothing was changed here, for example because the document has changed since it was read, the next check starts again.
    }

    private static Func<StoredDocument, JsonObject?> ToEdit(Action<JsonObject> edit) => inForce =>
    {
        var document = inForce.Read();
        edit(document);
        return document;
    };
}
