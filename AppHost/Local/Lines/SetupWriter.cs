using System.Globalization;

namespace CloudTicks.AppHost.Local.Lines;

/// <summary>Writes installation progress as lines of the part <c>setup</c>.</summary>
internal sealed class SetupWriter(RunLines lines) : StringWriter(CultureInfo.InvariantCulture)
{
    public override void WriteLine(string? value) => lines.Write("setup", value ?? "");
}
