using System.Runtime.InteropServices;
using System.Text;

namespace CloudTicks.LocalServices.Parent;

/// <summary>
/// Writes lines, and pauses the program after the first line with a text until it receives SIGCONT: a test that only reads the line would
/// act too late on a busy machine.
/// </summary>
internal sealed class PausingWriter : TextWriter
{
    private readonly TextWriter _writer;
    private readonly string _text;
    private readonly ManualResetEventSlim _continued = new();
    private readonly PosixSignalRegistration? _continue;

    public PausingWriter(TextWriter writer, string text)
    {
        (_writer, _text) = (writer, text);
        if (!OperatingSystem.IsWindows())
        {
            _continue = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _continued.Set());
        }
    }

    public override Encoding Encoding => _writer.Encoding;

    public override void WriteLine(string? value)
    {
        _writer.WriteLine(value);
        if (value?.Contains(_text, StringComparison.Ordinal) == true)
        {
            _continued.Wait();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _continue?.Dispose();
        _continued.Dispose();
        base.Dispose(disposing);
    }
}
