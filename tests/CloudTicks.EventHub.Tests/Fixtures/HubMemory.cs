using System.Globalization;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>The memory of an event hub process.</summary>
internal static class HubMemory
{
    /// <summary>The peak in megabytes; 0 on other systems than Linux, or when the process has ended.</summary>
    public static long PeakMegabytes(EventHubProcess hub) => Read(hub, "VmHWM:");

    /// <summary>The current value in megabytes; 0 on other systems than Linux, or when the process has ended.</summary>
    public static long Megabytes(EventHubProcess hub) => Read(hub, "VmRSS:");

    private static long Read(EventHubProcess hub, string line)
    {
        foreach (var process in OperatingSystem.IsLinux() ? Directory.GetDirectories("/proc").Where(p => char.IsAsciiDigit(p[^1])) : [])
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "cmdline")).Contains(hub.DataFolder, StringComparison.Ordinal))
                {
                    var value = File.ReadLines(Path.Combine(process, "status")).Single(l => l.StartsWith(line, StringComparison.Ordinal));
                    return long.Parse(value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process has ended, or belongs to another user.
            }
        }

        return 0;
    }
}
