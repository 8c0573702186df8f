using System.Runtime.InteropServices;
using System.Text;

namespace CloudTicks.LocalServices.Parent;

/// <summary>
/// Writes lines. After the first line that contains a text, it blocks its caller until the program receives SIGCONT: without this pause, a
/// test that waits for the line would act too late on a busy machine.
/// </summary>
internal sealed class PausingWriter : TextWriter
{
    private readonly TextWriter _writer;
    private readonly string _text;
    private readonly ManualResetEventSlim _resumed = new();
    private readonly PosixSignalRegistration? _registration;

    public PausingWriter(TextWriter writer, string text)
    {
        (_writer, _text) = (writer, text);
        if (!OperatingSystem.IsWindows())
        {
            _registration = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _resumed.Set());
        }
    }

    public override Encoding Encoding => _writer.Encoding;

    public override void WriteLine(string? value)
    {
        _writer.WriteLine(value);
        if (value?.Contains(_text, StringComparison.Ordinal) == true)
        {
            _resumed.Wait();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _registration?.Dispose();
        _resumed.Dispose();
        base.Dispose(disposing);
    }
}
