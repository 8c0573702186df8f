using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Globalization;

namespace CloudTicks.Simulator.Replay;

/// <summary>Paths to replay: a list, or one text with the system's path separator (<c>:</c>, on Windows <c>;</c>).</summary>
[TypeConverter(typeof(TextConverter))]
internal sealed class ReplayPaths : Collection<string>
{
    /// <summary>An empty list, which the configuration fills.</summary>
    public ReplayPaths()
    {
    }

    private ReplayPaths(string[] paths)
        : base([.. paths])
    {
    }

    private sealed class TextConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value is string text
            ? new ReplayPaths(text.Split(Path.PathSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            : base.ConvertFrom(context, culture, value);
    }
}
