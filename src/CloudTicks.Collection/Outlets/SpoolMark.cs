using System.Text;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Outlets;

/// <summary>The file in a spool's folder that names its destination.</summary>
internal static class SpoolMark
{
    private const string FileName = "destination";
    private const string FirstLine = "CloudTicks spool, version 1";
    private const string ToPrefix = "to ";
    private const string ByPrefix = "by ";
    private const string Cluster = "cluster ";

    /// <summary>Reads the mark of a folder.</summary>
    /// <returns>Null when there is none, as in folders of earlier versions; an unknown destination when the mark is unreadable.</returns>
    public static SpoolDestination? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var lines = File.ReadAllLines(path);
        return lines.Length > 0 && lines[0] == FirstLine && Field(lines, ToPrefix) is { } address && Field(lines, ByPrefix) is { } setting
            ? new SpoolDestination(address, setting, Field(lines, Cluster))
            : new SpoolDestination($"a destination that cannot be read from {path}", "the setting of the run that wrote them", null);
    }

    /// <summary>Marks a folder; the mark is durable when this returns.</summary>
    /// <exception cref="IOException">The write failed.</exception>
    public static void Write(string folder, SpoolDestination destination, Disk disk)
    {
        var text =
            $"{FirstLine}\n{ToPrefix}{destination.Address}\n{ByPrefix}{destination.Setting}\n"
                + $"{(destination.Cluster is { } cluster ? $"{Cluster}{cluster}\n" : "")}";
        disk.Replace(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(text));
    }

    private static string? Field(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? line[name.Length..] : null;
}
