using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.Functions.Configuring;

namespace CloudTicks.Functions.Rollouts;

/// <summary>Walks back through a document's versions, a page at a time and only as far as needed, for several flags at once.</summary>
internal sealed class VersionWalk(ConfigHistory history, DocumentReader reader, StoredDocument newest)
{
    private const int PageSize = 50;

    /// <summary>The maximum number of versions searched.</summary>
    private const int MaxVersions = 500;

    private readonly List<(ConfigVersion Version, JsonObject Document)> _knownVersions = [(newest.Version, newest.Read())];

    /// <summary>Returns a flag's states, newest first, back to the one that was in force at <paramref name="notBeforeMs"/>.</summary>
    public async IAsyncEnumerable<FlagState> StatesAsync(
        string flag, long notBeforeMs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = FlagState.Of(_knownVersions[0].Version, _knownVersions[0].Document, flag);
        for (var index = 1; await AtAsync(index, cancellationToken) is { } earlier; index++)
        {
            var other = FlagState.Of(earlier.Version, earlier.Document, flag);
            if (!other.IsSameAs(state))
            {
                yield return state;
                state = other;
            }
            else
            {
                state = state with { Since = earlier.Version };
            }

            if (state.Since.CreatedMs < notBeforeMs)
            {
                break;
            }
        }

        // This state was in force at notBeforeMs, or belongs to the oldest version that was found.
        yield return state;
    }

    private async Task<(ConfigVersion Version, JsonObject Document)?> AtAsync(int index, CancellationToken cancellationToken)
    {
        if (index == _knownVersions.Count && _knownVersions[^1].Version.Version is > 0 and var oldest && index < MaxVersions)
        {
            var page = await history.ListAsync(newest.Version.Service, oldest, PageSize, cancellationToken);
            _knownVersions.AddRange(page.Select(version => (version, DocumentJson.Parse(version.Document))));
            if (page.Count < PageSize && await reader.FindAsync(newest.Version.Service, 0, cancellationToken) is { } defaults)
            {
                _knownVersions.Add((defaults.Version, defaults.Read()));
            }
        }

        return index < _knownVersions.Count ? _knownVersions[index] : null;
    }
}
