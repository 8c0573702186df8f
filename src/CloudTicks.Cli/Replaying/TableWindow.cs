using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.ServiceDocuments;
using CloudTicks.Timescale;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CloudTicks.Cli.Replaying;

/// <summary>Reads the table's retention window from the functions' document, else from the environment; else the default applies.</summary>
internal static class TableWindow
{
    private const string Setting = "Timescale:RetentionWindow";

    /// <summary>
    /// Reads the window; null if ticks never expire. The hub's documents are read from the table's database, so the functions need not run.
    /// </summary>
    public static async Task<TimeSpan?> ReadAsync(NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken) =>
        Parse(await ReadHubValueAsync(database, time, cancellationToken)
            ?? Environment.GetEnvironmentVariable("Timescale__RetentionWindow"));

    /// <summary>The value in the hub's document; null if there is none, or the database does not answer.</summary>
    private static async Task<string?> ReadHubValueAsync(NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await new ConfigHistory(database, time).NewestAsync(ServiceNames.Functions, cancellationToken) is { } newest
                ? KnownServices.Documents.Find(ServiceNames.Functions)!.ToSettings(JsonNode.Parse(newest.Document)!.AsObject())
                    .GetValueOrDefault(Setting)
                : null;
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private static TimeSpan? Parse(string? text) => text switch
    {
        "" => null,
        not null when TimeSetting.TryParse(text, out var window) => window,
        _ => new TimescaleOptions().RetentionWindow,
    };
}
