"""Addresses of the desk."""

from django.urls import path

from complaints.views import desk, desk_case, desk_entry, desk_reports

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/search/", desk.desk_search, name="desk_search"),
    path("desk/reviews/", desk.desk_reviews, name="desk_reviews"),
    path("desk/cases/", desk.desk_list, {"view": "all"}, name="desk_cases"),
    path("desk/incomplete/", desk.desk_list, {"view": "incomplete"}, name="desk_incomplete"),
    path("desk/lists/<slug:view>/", desk.desk_list, name="desk_list"),
    path("desk/entry/", desk_entry.desk_entry, name="desk_entry"),
    path("desk/entry/complaint/", desk_entry.desk_entry_form, name="desk_entry_form"),
    path("desk/entry/report/", desk_reports.desk_report_entry, name="desk_report_entry"),
    path("desk/cases/<slug:public_id>/", desk_case.desk_case, name="desk_case"),
    path("desk/cases/<slug:public_id>/complete/", desk_entry.desk_complete, name="desk_complete"),
    path("desk/cases/<slug:public_id>/dispatch/", desk_case.desk_dispatch, name="desk_dispatch"),
    path("desk/cases/<slug:public_id>/transfer/", desk_case.desk_transfer, name="desk_transfer"),
    path("desk/cases/<slug:public_id>/withdraw/", desk_case.desk_withdraw, name="desk_withdraw"),
    path("desk/cases/<slug:public_id>/claim/", desk_case.desk_claim, name="desk_claim"),
    path("desk/cases/<slug:public_id>/decide/", desk_case.desk_decide, name="desk_decide"),
    path("desk/cases/<slug:public_id>/review/<slug:proposal_id>/", desk_case.desk_review, name="desk_review"),
    path("desk/cases/<slug:public_id>/serve/", desk_case.desk_serve, name="desk_serve"),
    path("desk/cases/<slug:public_id>/close/", desk_case.desk_close, name="desk_close"),
    path("desk/cases/<slug:public_id>/material/", desk_case.desk_material, name="desk_material"),
    path("desk/cases/<slug:public_id>/lead/", desk_case.desk_lead, name="desk_lead"),
    path("desk/cases/<slug:public_id>/identity/", desk_case.desk_reveal, name="desk_reveal"),
    path("desk/reports/", desk_reports.desk_reports, name="desk_reports"),
    path("desk/reports/<slug:public_id>/", desk_reports.desk_report, name="desk_report"),
    path("desk/reports/<slug:public_id>/take/", desk_reports.desk_report_take, name="desk_report_take"),
    path("desk/reports/<slug:public_id>/file/", desk_reports.desk_report_file, name="desk_report_file"),
    path("desk/reports/<slug:public_id>/decline/", desk_reports.desk_report_decline, name="desk_report_decline"),
    path("desk/reports/<slug:public_id>/hand-back/", desk_reports.desk_report_hand_back, name="desk_report_hand_back"),
    path("desk/reports/<slug:public_id>/extend/", desk_reports.desk_report_extend, name="desk_report_extend"),
    path("desk/reports/<slug:public_id>/approve/", desk_reports.desk_report_approve, name="desk_report_approve"),
    path("desk/reports/<slug:public_id>/send-back/", desk_reports.desk_report_send_back, name="desk_report_send_back"),
    path("desk/reports/<slug:public_id>/reporter/", desk_reports.desk_reporter, name="desk_reporter"),
]
