using System.Collections.ObjectModel;
using System.ComponentModel;
using CloudTicks.Foundations;

namespace CloudTicks.Simulator.Replay;

/// <summary>Files to replay: a list of paths, or one text with the system's path separator (<c>:</c>, on Windows <c>;</c>).</summary>
[TypeConverter(typeof(TextListConverter<ReplayPaths>))]
internal sealed class ReplayPaths : Collection<string>, ITextList<ReplayPaths>
{
    /// <summary>An empty list, which the configuration fills.</summary>
    public ReplayPaths()
    {
    }

    private ReplayPaths(string[] paths)
        : base([.. paths])
    {
    }

    public static ReplayPaths Split(string text) =>
        new(text.Split(Path.PathSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
