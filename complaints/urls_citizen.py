"""Addresses of the citizen's and the merchant's side."""

from django.urls import path

from complaints.api import complaints as api
from complaints.views import filing, merchant, mine, report_form, resume

urlpatterns = [
    path("complain/", filing.start, name="start"),
    path("complain/resume/", resume.resume, name="resume"),
    path("complain/resume/code/", resume.resume_code, name="resume_code"),
    path("complain/<slug:public_id>/later/", filing.later, name="draft_later"),
    path("complain/<slug:public_id>/code/", filing.send_code, name="draft_code"),
    path("complain/<slug:public_id>/<slug:step>/", filing.step, name="draft"),
    path("complain/<slug:public_id>/<slug:step>/save/", filing.autosave, name="draft_save"),
    path("report/", report_form.report, name="report"),
    path("track/", resume.track, name="track"),
    path("track/code/", resume.track_code, name="track_code"),
    path("mine/", mine.mine, name="mine"),
    path("case/<slug:public_id>/", mine.case, name="case"),
    path("case/<slug:public_id>/receipt/", mine.receipt, name="receipt"),
    path("case/<slug:public_id>/supplement/", mine.supplement, name="supplement"),
    path("case/<slug:public_id>/consents/", mine.consents, name="consents"),
    path("case/<slug:public_id>/withdraw/", mine.withdraw, name="withdraw"),
    path("merchant/", merchant.home, name="merchant_home"),
    path("merchant/cases/<slug:public_id>/", merchant.case, name="merchant_case"),
    path("api/v1/uploads", api.uploads, name="api_uploads"),
    path("api/v1/complaints", api.complaints, name="api_complaints"),
    path("api/v1/complaints/<slug:public_id>", api.complaint, name="api_complaint"),
]
