using System.Globalization;
using CloudTicks.Cli.Hub;
using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Cli.Retaining;

internal static class DiskText
{
    public static void Show(HubConsole console, DiskStatus disk)
    {
        var line = $"  disk of the {disk.Name}: {string.Join(", ", Facts(disk))}";
        switch (disk.State)
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

    private static IEnumerable<string> Facts(DiskStatus disk)
    {
        if (disk.FreeBytes is { } free)
        {
            var of = disk.TotalBytes is { } total ? $" of {new ByteSize(total)}" : "";
            yield return $"{new ByteSize(free)}{of} free";
        }

        if (disk.Bytes is { } bytes)
        {
            yield return $"{new ByteSize(bytes)} used by the {disk.Name}";
        }

        if (disk.BytesPerHour is { } growth)
        {
            yield return $"grows by {new ByteSize(growth)} an hour";
        }

        if (disk.HoursUntilFull is { } hours)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"full in {hours:0.#} hours");
        }

        if (disk.Note is { } note)
        {
            yield return note;
        }
    }
}
