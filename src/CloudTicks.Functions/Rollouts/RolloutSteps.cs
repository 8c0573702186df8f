using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.Functions.Configuring;
using CloudTicks.Ticks;

namespace CloudTicks.Functions.Rollouts;

/// <summary>Finds earlier states of rollouts in the versions of a document.</summary>
public sealed class RolloutSteps(ConfigHistory history, DocumentReader reader, HubLists lists, TimeProvider time)
{
    /// <summary>
    /// Returns the steps that guards watch: for each guarded rollout, the latest change to its flag, if that change turned symbols on and
    /// the guard's window is open or ended recently.
    /// </summary>
    /// <param name="notBeforeMs">Steps whose window ended before this time (Unix ms) are omitted.</param>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<IReadOnlyList<RolloutStep>> GetWatchedAsync(
        StoredDocument newest, long notBeforeMs, CancellationToken cancellationToken)
    {
        var steps = new List<RolloutStep>();
        var walk = new VersionWalk(history, reader, newest);
        foreach (var rollout in Rollouts(newest.Read()).Where(rollout => rollout.Guard is not null))
        {
            var begin = notBeforeMs - (long)rollout.Guard!.Window.TotalMilliseconds;
            var states = await FirstTwoAsync(walk.StatesAsync(rollout.Flag, begin, cancellationToken));
            if (states is [var current, var before] && new RolloutStep(rollout, current.Since, before.Flag) is var step
                && step.UntilMs >= notBeforeMs
                && !(await SymbolsOnAsync(before.Document, rollout, cancellationToken))
                    .IsSupersetOf(await SymbolsOnAsync(current.Document, rollout, cancellationToken)))
            {
                steps.Add(step);
            }
        }

        return steps;
    }

    /// <summary>Returns the version with the latest change to each flag; null if none is found.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    internal async Task<IReadOnlyDictionary<string, ConfigVersion?>> FindLatestAsync(
        StoredDocument newest, IEnumerable<string> flags, CancellationToken cancellationToken)
    {
        var latest = new Dictionary<string, ConfigVersion?>();
        var walk = new VersionWalk(history, reader, newest);
        foreach (var flag in flags)
        {
            latest[flag] = await FirstTwoAsync(walk.StatesAsync(flag, 0, cancellationToken)) is [var state, _] ? state.Since : null;
        }

        return latest;
    }

    /// <summary>
    /// Returns the latest earlier state of a flag that turns on fewer of the symbols that are on now; two nulls if there is none.
    /// </summary>
    /// <exception cref="RolloutEditException">No symbol is on.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    internal async Task<(ConfigVersion? Version, JsonObject? Flag)> FindLowerAsync(
        StoredDocument newest, string flag, CancellationToken cancellationToken)
    {
        var document = newest.Read();
        var on = await SymbolsOnAsync(document, flag, cancellationToken);
        if (on.Count == 0)
        {
            throw new RolloutEditException($"No symbol of '{flag}' is on: there is nothing to roll back.", isMissing: false);
        }

        var current = RolloutEdit.Find(document, flag);
        await foreach (var state in new VersionWalk(history, reader, newest).StatesAsync(flag, 0, cancellationToken))
        {
            // A pause is not a step: resuming turns on the same symbols.
            if (state.Flag is not null && RolloutEdit.IsEnabled(state.Flag) && !JsonNode.DeepEquals(state.Flag, current))
            {
                var candidate = (JsonObject)document.DeepClone();
                RolloutEdit.Restore(candidate, flag, state.Flag);
                if ((await SymbolsOnAsync(candidate, flag, cancellationToken)).IsProperSubsetOf(on))
                {
                    return (state.Since, state.Flag);
                }
            }
        }

        return (null, null);
    }

    /// <summary>
    /// Returns the latest earlier state of a flag with a smaller percentage, for flags that do not apply to symbols; two nulls if there
    /// is none.
    /// </summary>
    /// <exception cref="RolloutEditException">The percentage is 0, or the flag is disabled.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    internal async Task<(ConfigVersion? Version, JsonObject? Flag)> FindLowerPercentageAsync(
        StoredDocument newest, string flag, CancellationToken cancellationToken)
    {
        var current = EffectivePercentage(RolloutEdit.Find(newest.Read(), flag));
        if (current == 0)
        {
            throw new RolloutEditException(
                $"The flag '{flag}' is off, or its percentage is 0: there is nothing to roll back.", isMissing: false);
        }

        await foreach (var state in new VersionWalk(history, reader, newest).StatesAsync(flag, 0, cancellationToken))
        {
            // A pause is not a step: resuming restores the same percentage.
            if (state.Flag is not null && RolloutEdit.IsEnabled(state.Flag) && EffectivePercentage(state.Flag) < current)
            {
                return (state.Since, state.Flag);
            }
        }

        return (null, null);
    }

    private static double EffectivePercentage(JsonObject? flag) =>
        flag is null || !RolloutEdit.IsEnabled(flag) ? 0 : RolloutEdit.Percentage(flag) ?? 100;

    private static IReadOnlyList<Rollout> Rollouts(JsonObject document)
    {
        try
        {
            return RolloutPlan.Read(document).Rollouts;
        }
        catch (FormatException)
        {
            // Another program version wrote the document; the problem is reported when the rollouts are read.
            return [];
        }
    }

    private static async Task<IReadOnlyList<FlagState>> FirstTwoAsync(IAsyncEnumerable<FlagState> states)
    {
        var firstTwo = new List<FlagState>();
        await foreach (var state in states)
        {
            firstTwo.Add(state);
            if (firstTwo.Count == 2)
            {
                break;
            }
        }

        return firstTwo;
    }

    private async Task<HashSet<Symbol>> SymbolsOnAsync(JsonObject document, Rollout rollout, CancellationToken cancellationToken) =>
        [.. (await EvaluateAsync(document, cancellationToken))
            .Where(state => state.Rollout.Flag == rollout.Flag && state.Rollout.List == rollout.List).SelectMany(state => state.On)];

    private async Task<HashSet<(string, Symbol)>> SymbolsOnAsync(JsonObject document, string flag, CancellationToken cancellationToken) =>
        [.. (await EvaluateAsync(document, cancellationToken)).Where(state => state.Rollout.Flag == flag)
            .SelectMany(state => state.On.Select(symbol => (state.Rollout.List, symbol)))];

    private async Task<IReadOnlyList<RolloutState>> EvaluateAsync(JsonObject document, CancellationToken cancellationToken)
    {
        try
        {
            return await RolloutPlan.Read(document).EvaluateAsync(lists.GetCurrent(), time.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (exception is FormatException or SymbolListException)
        {
            // The collectors cannot evaluate these rollouts either, so none of their symbols is on.
            return [];
        }
    }
}
