using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;

namespace CloudTicks.Cli.Retaining;

internal static class DiskText
{
    public static void Show(HubConsole console, JsonObject disk)
    {
        var line = $"  disk of the {TableRetentionText.Text(disk["name"])}: {string.Join(", ", Facts(disk))}";
        switch (TableRetentionText.Text(disk["state"]))
        {
            case "critical":
                console.Removed(line);
                break;
            case "warning":
                console.Changed(line);
                break;
            default:
                console.Line(line);
                break;
        }
    }

    private static IEnumerable<string> Facts(JsonObject disk)
    {
        if (disk["free_bytes"] is { } free)
        {
            yield return disk["total_bytes"] is { } total
                ? $"{TableRetentionText.Size(free)} of {TableRetentionText.Size(total)} free" : $"{TableRetentionText.Size(free)} free";
        }

        if (disk["bytes"] is { } bytes)
        {
            yield return $"{TableRetentionText.Size(bytes)} used by it";
        }

        if (disk["bytes_per_hour"] is { } growth)
        {
            yield return $"grows by {TableRetentionText.Size(growth)} an hour";
        }

        if (disk["hours_until_full"] is { } hours)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"full in {TableRetentionText.Number(hours):0.#} hours");
        }

        if (TableRetentionText.Text(disk["note"]) is { } note)
        {
            yield return note;
        }
    }
}
