using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>What ends a start with a sentence for the operator instead of a stack trace.</summary>
public static class StartRefusal
{
    /// <summary>Whether an exception of the start is explained by its message: a wrong setting, a taken port, a missing library.</summary>
    /// <param name="exception">What building or starting the host threw.</param>
    public static bool Covers(Exception exception) => exception is StartException or OptionsValidationException or FormatException
        or InvalidOperationException or DllNotFoundException or IOException or SocketException
        // Of several options at once.
        || (exception is AggregateException { InnerExceptions: var all } && all.All(Covers));

    /// <summary>Writes the sentences to standard error.</summary>
    /// <param name="exception">What building or starting the host threw.</param>
    /// <param name="names">How the user has written the settings.</param>
    public static int Report(Exception exception, SettingNames? names = null)
    {
        foreach (var sentence in SettingProblem.Sentences(exception, names))
        {
            Console.Error.WriteLine(sentence);
        }

        return ServiceExitCodes.NotStarted;
    }
}
