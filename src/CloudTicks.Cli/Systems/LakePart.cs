using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Systems;

/// <summary>The lake of a running system, as its functions report it.</summary>
internal static class LakePart
{
    /// <returns>Null without a lake, or when the functions do not respond; their own health check then reports why.</returns>
    public static async Task<PartStatus?> QueryAsync(HttpClient http, Uri functions, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(functions, "api/v1/status"), cancellationToken);
            return response.IsSuccessStatusCode
                && await response.Content.ReadFromJsonAsync<FunctionsStatus>(StatusJson.Lenient, cancellationToken) is { Lake: { } lake }
                ? Of(lake) : null;
        }
        catch (Exception exception) when (
            exception is HttpRequestException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public static PartStatus Of(LakeStatus lake) => new("lake", lake.Location, lake.Problem) { Figures = string.Join(", ", Figures(lake)) };

    private static IEnumerable<string> Figures(LakeStatus lake)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(lake.Rows, "tick")} in {Counted.Of(lake.Files, "file")}, {new ByteSize(lake.Bytes)}");
        if (lake.BytesPerTick is { } bytes)
        {
            var comparison = lake.SizeComparedToArchive is { } compared ? $" ({compared} than the archive)" : "";
            yield return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.0} B a tick{comparison}");
        }

        if (lake.Newest is { } newest)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"newest hour {newest.UtcDateTime:yyyy-MM-dd'T'HH}Z");
        }

        if (lake.LagRecords is { } lag)
        {
            yield return $"{Counted.Of(lag, "record")} behind the archive";
        }

        if (lake.RetentionDays is { } days)
        {
            yield return $"keeps {Counted.Of(days, "day")}";
        }

        if (!lake.Writes)
        {
            yield return "not written yet, or by another process";
        }
    }
}
