namespace Caluma.Healthz.History;

/// <summary>The folder of the history cannot be used. The message is for people: it has the setting, the problem and what to do.</summary>
/// <param name="reason">The reason.</param>
/// <param name="isOfSingleItem">Whether it is about a single log or document.</param>
/// <param name="message">The message.</param>
/// <param name="inner">The exception of the file system.</param>
internal sealed class HistoryFolderException(Reason reason, bool isOfSingleItem, string message, Exception? inner = null)
    : IOException(message, inner)
{
    public Reason Reason => reason;

    public bool IsOfSingleItem => isOfSingleItem;
}
