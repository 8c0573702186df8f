using System.Text;

namespace CloudTicks.Messaging;

/// <summary>What a server takes as a subject, and as a pattern of subjects.</summary>
internal static class SubjectSyntax
{
    /// <summary>Whether the server would read these bytes as one subject: no blank or control character, which would end it.</summary>
    public static bool IsSubject(ReadOnlySpan<byte> subject) => !subject.IsEmpty && subject.IndexOfAnyInRange((byte)0, (byte)' ') < 0;

    /// <summary>Whether the text can be subscribed to: tokens without blanks, none empty, <c>&gt;</c> only as the last.</summary>
    public static bool IsPattern(string? subject)
    {
        if (subject is null || !IsSubject(Encoding.UTF8.GetBytes(subject)))
            return false;
        var tokens = subject.Split('.');
        return tokens.All(token => token.Length > 0) && tokens.AsSpan(..^1).IndexOf(">") < 0;
    }
}
