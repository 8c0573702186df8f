using System.Runtime.InteropServices;

namespace CloudTicks.Lake.Native;

/// <summary>Converts an error of DuckDB to an exception.</summary>
internal static class DuckDbFailure
{
    // Values of duckdb_error_type.
    private const int Invalid = 0;
    private const int OutOfRange = 1;
    private const int Conversion = 2;
    private const int Expression = 12;
    private const int Catalog = 13;
    private const int Parser = 14;
    private const int Syntax = 22;
    private const int Binder = 24;
    private const int InputOutput = 28;
    private const int Interrupted = 29;
    private const int OutOfMemory = 33;
    private const int Permission = 34;

    /// <summary>
    /// The beginnings of the messages of query errors. DuckDB reports no error type when it fails to prepare a statement.
    /// </summary>
    private static readonly string[] QueryErrors = ["Parser Error", "Syntax Error", "Binder Error", "Catalog Error", "Conversion Error"];

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
        // Check the message, not the error type: errors of libraries have the error type of a successful result.
        if (DuckDbMethods.ResultError(ref result) != 0)
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
        : message.StartsWith("Invalid Error", StringComparison.Ordinal) ? DuckDbErrorKind.Unreadable
        : Array.Exists(QueryErrors, error => message.StartsWith(error, StringComparison.Ordinal)) ? DuckDbErrorKind.Query
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
            Invalid => DuckDbErrorKind.Unreadable,
            OutOfRange or Conversion or Expression or Catalog or Parser or Syntax or Binder => DuckDbErrorKind.Query,
            _ => KindOf(message),
        };
        if (kind == DuckDbErrorKind.Interrupted)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        throw new DuckDbException(message, kind);
    }
}
