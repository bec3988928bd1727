using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

public sealed class FolderFailureTests
{
    [Theory]
    [InlineData(28, Reason.Full, "has no space left")] // ENOSPC
    [InlineData(122, Reason.Full, "has no space left")] // EDQUOT
    [InlineData(27, Reason.Full, "has no space left")] // EFBIG
    [InlineData(unchecked((int)0x80070070), Reason.Full, "has no space left")] // ERROR_DISK_FULL
    [InlineData(30, Reason.ReadOnly, "is on a file system that is read-only")] // EROFS
    [InlineData(37, Reason.Unknown, "is on a file system without locks")] // ENOLCK
    [InlineData(5, Reason.Protocol, "cannot be used")] // EIO
    [InlineData(116, Reason.Protocol, "cannot be used")] // ESTALE
    public void A_failure_of_the_file_system_names_the_setting_and_the_fix(int error, Reason reason, string problem)
    {
        var explained = FolderFailure.Explain(new IOException("text of the system", error), "/data", null);

        Assert.Equal(reason, HistoryFailure.ReasonFor(explained));
        Assert.True(HistoryFailure.Covers(explained));
        Assert.StartsWith($"Healthz__History__Folder is /data: it {problem}; ", explained.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", explained.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("text of the system", explained.Message, StringComparison.Ordinal);
    }

    /// <summary>EIO, EUCLEAN, ELOOP and EISDIR are about one item, other errors about the folder.</summary>
    [Theory]
    [InlineData(5, true)]
    [InlineData(117, true)]
    [InlineData(40, true)]
    [InlineData(21, true)]
    [InlineData(28, false)]
    [InlineData(99, false)]
    public void Some_errors_are_about_one_log_or_document_only(int error, bool isOfOneItem)
    {
        bool IsOfOneItem(string? name) =>
            HistoryFailure.IsOfSingleItem(FolderFailure.Explain(new IOException("text of the system", error), "/data", name));

        Assert.Equal(isOfOneItem, IsOfOneItem("latest.json"));
        Assert.False(IsOfOneItem(null));
    }

    [Fact]
    public void An_unknown_error_is_shown_with_its_number() => Assert.EndsWith(
        "(IOException 99).",
        FolderFailure.Explain(new IOException("text of the system", unchecked((int)0x80070063)), "/data", null).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_folder_and_a_file_that_may_not_be_written_have_different_fixes()
    {
        var (folder, file) = (
            FolderFailure.Explain(new UnauthorizedAccessException(), "/data", null).Message,
            FolderFailure.Explain(new UnauthorizedAccessException(), "/data", "latest.json").Message);

        Assert.Contains("fsGroup", folder, StringComparison.Ordinal);
        Assert.DoesNotContain("fsGroup", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("latest.json", true)]
    public void A_missing_permission_of_one_file_is_about_that_file_only(string? name, bool isOfOneItem)
    {
        var explained = FolderFailure.Explain(new UnauthorizedAccessException(), "/data", name);

        Assert.Equal((Reason.Permission, isOfOneItem), (HistoryFailure.ReasonFor(explained), HistoryFailure.IsOfSingleItem(explained)));
        Assert.StartsWith($"Healthz__History__Folder is /data: {name ?? "it"} may not be ", explained.Message, StringComparison.Ordinal);
    }
}
