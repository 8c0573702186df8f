using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.Functions.Configuring;
using CloudTicks.Functions.Querying;
using CloudTicks.Ticks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Rollouts;

/// <summary>Serves the state of the rollouts.</summary>
public sealed class RolloutView(
    RolloutServices services, DocumentReader reader, RolloutSteps steps, HubLists lists, DatabaseGuard guard, TimeProvider time)
{
    /// <summary>Lists each flag with the symbols that are on and off, its last step, and its guard.</summary>
    public Task<IActionResult> ListAsync(HttpRequest request, CancellationToken cancellationToken) => guard.RespondAsync(async () =>
    {
        if (new QueryParameters(request.Query, RolloutServices.Parameter).Refusal() is { } refusal)
        {
            return refusal;
        }

        var service = await services.ResolveAsync(request, cancellationToken);
        var newest = await reader.NewestAsync(service.Service, cancellationToken);
        var document = newest.Read();
        var now = time.GetUtcNow();
        try
        {
            var states = service.HasRollouts
                ? await RolloutPlan.Read(document).EvaluateAsync(lists.GetCurrent(), now, cancellationToken) : [];
            var latest = await steps.FindLatestAsync(newest, states.Select(state => state.Rollout.Flag), cancellationToken);
            var watched = service.HasRollouts
                ? await steps.GetWatchedAsync(newest, now.ToUnixTimeMilliseconds(), cancellationToken) : [];
            var rollouts = new JsonArray([.. states.Select(state => Rollout(
                state, latest[state.Rollout.Flag], watched.FirstOrDefault(step => step.Rollout == state.Rollout)))]);
            foreach (var flag in RolloutEdit.FlagsOf(document).Except(states.Select(state => state.Rollout.Flag)))
            {
                rollouts.Add(Unused(flag, RolloutEdit.Find(document, flag)!));
            }

            return DocumentResponses.WithVersion(
                DocumentResponses.Of(
                    new JsonObject { ["service"] = newest.Version.Service, ["version"] = newest.Number, ["rollouts"] = rollouts }), newest);
        }
        catch (Exception problem) when (problem is FormatException or SymbolListException)
        {
            return ConfigProblems.StepRefused(isMissing: false, problem.Message);
        }
    });

    private static JsonObject Rollout(RolloutState state, ConfigVersion? latest, RolloutStep? watched) => new()
    {
        ["flag"] = state.Rollout.Flag,
        ["list"] = state.Rollout.List,
        ["enabled"] = state.Enabled,
        ["percentage"] = state.Percentage,
        ["on"] = Names(state.On),
        ["off"] = Names(state.Off),
        ["guard"] = state.Rollout.Guard is { } guard ? Guard(guard, watched) : null,
        ["step"] = latest is null or { Version: 0 } ? null : new JsonObject
        {
            ["version"] = latest.Version,
            ["time"] = DocumentResponses.Time(latest.CreatedMs),
            ["action"] = latest.Action,
            ["author"] = latest.Author,
            ["comment"] = latest.Comment,
        },
    };

    /// <summary>Describes a flag without a rollout, which turns nothing on.</summary>
    private static JsonObject Unused(string flag, JsonObject json) => new()
    {
        ["flag"] = flag,
        ["list"] = null,
        ["enabled"] = RolloutEdit.IsEnabled(json),
        ["percentage"] = RolloutEdit.Percentage(json),
        ["on"] = new JsonArray(),
        ["off"] = new JsonArray(),
        ["guard"] = null,
        ["step"] = null,
    };

    private static JsonObject Guard(RolloutGuard guard, RolloutStep? watched) => new()
    {
        ["window"] = guard.Window.TotalSeconds,
        ["max_refused_ticks"] = guard.MaxRefusedTicks,
        ["max_missing_acks"] = guard.MaxMissingAcks,
        ["max_lag_records"] = guard.MaxLagRecords,
        ["max_feed_latency_ms"] = guard.MaxFeedLatencyMs,
        ["watches_until"] = watched is null ? null : DocumentResponses.Time(watched.UntilMs),
    };

    private static JsonArray Names(IEnumerable<Symbol> symbols) => [.. symbols.Select(symbol => JsonValue.Create(symbol.Name))];
}
