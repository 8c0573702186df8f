using System.Runtime.InteropServices;

namespace CloudTicks.Lake.Native;

/// <summary>Converts an error of DuckDB to an exception.</summary>
internal static class DuckDbFailure
{
    // Values of duckdb_error_type.
    private const int OutOfMemory = 25;
    private const int Permission = 26;
    private const int InputOutput = 28;
    private const int Interrupted = 29;

    public static void ThrowIf(int state, ref NativeResult result, CancellationToken cancellationToken)
    {
        if (state != DuckDbMethods.Success)
        {
            Throw(ref result, cancellationToken);
        }
    }

    /// <summary>Throws when a result ended with an error.</summary>
    public static void ThrowIfFailed(ref NativeResult result, CancellationToken cancellationToken)
    {
        if (DuckDbMethods.ResultErrorType(ref result) != 0)
        {
            Throw(ref result, cancellationToken);
        }
    }

    public static DuckDbErrorKind KindOf(string? message) =>
        message is null ? DuckDbErrorKind.Other
        : message.StartsWith("INTERRUPT", StringComparison.Ordinal) ? DuckDbErrorKind.Interrupted
        : message.StartsWith("Out of Memory", StringComparison.Ordinal) ? DuckDbErrorKind.OutOfMemory
        : message.StartsWith("Permission Error", StringComparison.Ordinal) ? DuckDbErrorKind.NotPermitted
        : message.StartsWith("IO Error", StringComparison.Ordinal) ? DuckDbErrorKind.File
        : DuckDbErrorKind.Other;

    private static void Throw(ref NativeResult result, CancellationToken cancellationToken)
    {
        var message = Marshal.PtrToStringUTF8(DuckDbMethods.ResultError(ref result));
        var kind = DuckDbMethods.ResultErrorType(ref result) switch
        {
            OutOfMemory => DuckDbErrorKind.OutOfMemory,
            Permission => DuckDbErrorKind.NotPermitted,
            InputOutput => DuckDbErrorKind.File,
            Interrupted => DuckDbErrorKind.Interrupted,
            _ => KindOf(message),
        };
        if (kind == DuckDbErrorKind.Interrupted)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        throw new DuckDbException(message, kind);
    }
}
