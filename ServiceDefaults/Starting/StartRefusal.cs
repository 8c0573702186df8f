using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Reports startup failures to the operator with a message instead of a stack trace.</summary>
public static class StartRefusal
{
    /// <summary>
    /// Whether the message of an exception explains the failed start: an invalid setting, a port in use, a missing library.
    /// </summary>
    /// <param name="exception">The exception from building or starting the host.</param>
    public static bool Covers(Exception exception) => exception is StartException or OptionsValidationException or FormatException
        or InvalidOperationException or DllNotFoundException or IOException or SocketException
        // Thrown when several settings are invalid.
        || (exception is AggregateException { InnerExceptions: var all } && all.All(Covers));

    /// <summary>Writes the messages to standard error.</summary>
    /// <param name="exception">The exception from building or starting the host.</param>
    /// <param name="names">How the user has written the settings.</param>
    /// <returns>The exit code.</returns>
    public static int Report(Exception exception, SettingNames? names = null)
    {
        foreach (var sentence in SettingProblem.Describe(exception, names))
        {
            Console.Error.WriteLine(sentence);
        }

        return ServiceExitCodes.NotStarted;
    }
}
